@preconcurrency import LocalAuthentication

/// Asks whether it is the device's person, by whatever the device asks its person.
enum DeviceOwner {
    /// True where it is, and where the device has no lock to ask for.
    @MainActor
    static func isHere(_ why: String) async -> Bool {
        let context = LAContext()
        var problem: NSError?
        guard context.canEvaluatePolicy(.deviceOwnerAuthentication, error: &problem) else {
            return problem?.code == LAError.passcodeNotSet.rawValue
        }
        return (try? await context.evaluatePolicy(.deviceOwnerAuthentication, localizedReason: why)) == true
    }
}
