import Foundation

/// A relay process on a free port, with its command line.
final class Relay {
    private static let startSeconds = 60.0
    private let folder: URL
    private let port: Int
    private var process: Child?

    init(_ folder: URL) throws {
        self.folder = folder
        port = try Self.freePort()
        try start()
    }

    func start() throws {
        let started = try child(["serve"], [:], into: "relay.log")
        process = started
        try started.waitsFor("Relay at", seconds: Self.startSeconds)
    }

    func stop() {
        process?.end(SIGTERM)
        process = nil
    }

    func run(_ words: String, environment: [String: String] = [:]) throws -> String {
        let command = try child(words.split(separator: " ").map(String.init), environment, into: "command.log")
        let status = command.status()
        guard status == 0 else { throw Failed("\(words): \(try command.said)") }
        return try command.said
    }

    func invitation(_ person: String, environment: [String: String] = [:]) throws -> String {
        try found("\\S+/enrol#\\S+", in: try run("enrol \(person)", environment: environment))
    }

    private func child(_ words: [String], _ environment: [String: String], into log: String) throws -> Child {
        let own = [
            "CARTERA_DATA_DIR": folder.appendingPathComponent("relay").path,
            "CARTERA_LISTEN": "127.0.0.1:\(port)",
            "CARTERA_TLS": "off",
            "LANG": "en_US.UTF-8",
        ]
        let binary = ProcessInfo.processInfo.environment["CARTERA_RELAY"] ?? "cartera-relay"
        return try Child(binary, words, own.merging(environment) { $1 }, into: folder.appendingPathComponent(log))
    }

    private static func freePort() throws -> Int {
        let (descriptor, port) = try boundSocket()
        close(descriptor)
        return port
    }

    /// Bound to a free port of this machine alone.
    static func boundSocket() throws -> (Int32, Int) {
        #if os(Linux)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
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
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}

/// A process and what it says, in a file.
///
/// Not Foundation's `Process`: tasks run on threads that block every signal, and a child that inherits that never hears
/// SIGTERM.
struct Child {
    private let process: pid_t
    private let log: URL

    init(_ binary: String, _ words: [String], _ environment: [String: String], into log: URL) throws {
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
        posix_spawn_file_actions_addopen(&actions, 1, log.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var child = pid_t()
        let strings = { (texts: [String]) in texts.map { strdup($0) } + [nil] }
        let known = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (arguments, variables) = (strings([binary] + words), strings(known.map { "\($0)=\($1)" }))
        defer { (arguments + variables).forEach { free($0) } }
        let failed = posix_spawn(&child, binary, &actions, &attributes, arguments, variables)
        guard failed == 0 else { throw Failed("\(binary) does not start: \(failed)") }
        (process, self.log) = (child, log)
    }

    var said: String {
        get throws { try String(contentsOf: log, encoding: .utf8) }
    }

    /// Until it says a text; it may end before, and then did not say it.
    func waitsFor(_ text: String, seconds: Double) throws {
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end {
            var status: Int32 = 0
            let ended = waitpid(process, &status, WNOHANG) != 0
            if try said.contains(text) { return }
            if ended { break }
            Thread.sleep(forTimeInterval: 0.02)
        }
        throw Failed("it did not say '\(text)': \(try said)")
    }

    func end(_ signal: Int32) {
        kill(process, signal)
        _ = status()
    }

    func status() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        return status
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
