/// Work that is done one after the other, in the order in which it was asked for.
@MainActor
final class Turns {
    private var last: Task<Void, Never>?

    @discardableResult
    func take(_ work: @escaping @MainActor () async -> Void) -> Task<Void, Never> {
        let task = Task { [last] in
            await last?.value
            await work()
        }
        last = task
        return task
    }
}
