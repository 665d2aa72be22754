import Foundation

/// What answers every request with the page of a hotel's network.
final class Portal: Sendable {
    let port: Int
    private let listening: Int32

    init() throws {
        let (descriptor, port) = try Relay.boundSocket()
        guard listen(descriptor, 8) == 0 else { throw Failed("nobody listens") }
        (listening, self.port) = (descriptor, port)
        Thread.detachNewThread {
            let page = "<html>Bienvenido a la wifi del hotel</html>"
            let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: \(page.utf8.count)\r\nConnection: close\r\n\r\n\(page)"
            while true {
                let call = accept(descriptor, nil, nil)
                if call < 0 { return }
                var asked = [UInt8](repeating: 0, count: 65_536)
                _ = recv(call, &asked, asked.count, 0)
                _ = answer.withCString { send(call, $0, strlen($0), 0) }
                close(call)
            }
        }
    }

    func stop() {
        shutdown(listening, Int32(SHUT_RDWR))
        close(listening)
    }
}
