import CarteraState
import Foundation
import Security

/// Secrets in the Keychain: of this device alone, and to be had once it was unlocked since it started.
struct KeychainStore: SecretStore {
    private func item(_ name: String) -> [CFString: Any] {
        [kSecClass: kSecClassGenericPassword, kSecAttrService: "app.cartera", kSecAttrAccount: name]
    }

    func read(_ name: String) -> SecretAnswer {
        var query = item(name)
        query[kSecReturnData] = true
        query[kSecMatchLimit] = kSecMatchLimitOne
        var found: CFTypeRef?
        switch SecItemCopyMatching(query as CFDictionary, &found) {
        case errSecSuccess: return (found as? Data).map { .secret($0) } ?? .notYet
        case errSecItemNotFound: return .missing
        default: return .notYet
        }
    }

    func add(_ name: String, _ secret: Data) -> Bool {
        var new = item(name)
        new[kSecValueData] = secret
        new[kSecAttrAccessible] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        new[kSecAttrSynchronizable] = false
        return SecItemAdd(new as CFDictionary, nil) == errSecSuccess
    }

    func rename(_ name: String, to other: String) -> Bool {
        SecItemUpdate(item(name) as CFDictionary, [kSecAttrAccount: other] as CFDictionary) == errSecSuccess
    }
}
