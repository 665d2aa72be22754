import Foundation

/// A relay process on a free port, with its command line.
final class Relay {
    private static let startSeconds = 60.0
    private let folder: URL
    private let port: Int
    private var process: pid_t?

    init(_ folder: URL) throws {
        self.folder = folder
        port = try Self.freePort()
        try start()
    }

    func start() throws {
        let log = folder.appendingPathComponent("relay.log")
        let started = try spawn(["serve"], into: log)
        process = started
        let end = Date(timeIntervalSinceNow: Self.startSeconds)
        while Date() < end, kill(started, 0) == 0 {
            if try String(contentsOf: log, encoding: .utf8).contains("Relay at") { return }
            Thread.sleep(forTimeInterval: 0.02)
        }
        throw Failed("the relay did not start: \(try String(contentsOf: log, encoding: .utf8))")
    }

    func stop() {
        guard let process else { return }
        kill(process, SIGTERM)
        _ = status(of: process)
        self.process = nil
    }

    func run(_ words: String) throws -> String {
        let file = folder.appendingPathComponent("command.log")
        let status = status(of: try spawn(words.split(separator: " ").map(String.init), into: file))
        let out = try String(contentsOf: file, encoding: .utf8)
        guard status == 0 else { throw Failed("\(words): \(out)") }
        return out
    }

    func invitation(_ person: String) throws -> String {
        try found("\\S+/enrol#\\S+", in: try run("enrol \(person)"))
    }

    /// Not by Foundation's `Process`: tasks run on threads that block every signal, and a child that inherits that never
    /// hears SIGTERM.
    private func spawn(_ words: [String], into output: URL) throws -> pid_t {
        let known = ProcessInfo.processInfo.environment
        let binary = known["CARTERA_RELAY"] ?? "cartera-relay"
        let environment = known.merging([
            "CARTERA_DATA_DIR": folder.appendingPathComponent("relay").path,
            "CARTERA_LISTEN": "127.0.0.1:\(port)",
            "CARTERA_TLS": "off",
            "LANG": "en_US.UTF-8",
        ]) { $1 }
        #if os(Linux)
        var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
        #else
        var (actions, attributes): (posix_spawn_file_actions_t?, posix_spawnattr_t?)
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        posix_spawn_file_actions_addopen(&actions, 1, output.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var child = pid_t()
        let strings = { (texts: [String]) in texts.map { strdup($0) } + [nil] }
        let (arguments, variables) = (strings([binary] + words), strings(environment.map { "\($0)=\($1)" }))
        defer { (arguments + variables).forEach { free($0) } }
        let failed = posix_spawn(&child, binary, &actions, &attributes, arguments, variables)
        guard failed == 0 else { throw Failed("\(binary) does not start: \(failed)") }
        return child
    }

    private func status(of child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        return status
    }

    private static func freePort() throws -> Int {
        #if os(Linux)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard bound else { throw Failed("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

struct Failed: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

func found(_ pattern: String, in text: String) throws -> String {
    guard let range = text.range(of: pattern, options: .regularExpression) else {
        throw Failed("nothing like \(pattern) in \(text)")
    }
    return String(text[range])
}
