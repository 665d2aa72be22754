// The Android library, from the sources that pom.xml builds for the JVM. Before it:
//   cargo ndk -t arm64-v8a -t armeabi-v7a -t x86_64 -o bindings/kotlin/android/libs \
//     build --profile dist -p cartera-ffi --features sqlcipher-vendored
//   uniffi-bindgen generate --language kotlin --library LIBRARY --out-dir bindings/kotlin/build/generated
// Not run where it was written: it needs Android's SDK.
plugins {
    id("com.android.library") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.2.20"
}

android {
    namespace = "app.cartera"
    compileSdk = 35
    defaultConfig {
        minSdk = 26
        // JNA finds its natives, and UniFFI its callbacks, by name.
        consumerProguardFiles("consumer-rules.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets["main"].apply {
        kotlin.srcDirs("../src/main/kotlin", "../build/generated")
        jniLibs.srcDirs("libs")
        manifest.srcFile("AndroidManifest.xml")
    }
}

kotlin { jvmToolchain(17) }

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.10.2")
    implementation("net.java.dev.jna:jna:5.17.0@aar")
}
