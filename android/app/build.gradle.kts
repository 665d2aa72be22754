plugins {
    alias(libs.plugins.android.application)
    alias(libs.plugins.kotlin.android)
    alias(libs.plugins.kotlin.compose)
}

/** The words that only resources can hold: the app's name, what the system shows. */
val wordsResources by tasks.registering(Exec::class) {
    val out = layout.buildDirectory.dir("generated/words/res")
    inputs.dir(rootDir.resolve("../core/strings"))
    outputs.dir(out)
    workingDir = rootDir.resolve("..")
    commandLine("cargo", "run", "--release", "-p", "cartera-words", "--", "android", out.get().asFile.path)
}

android {
    namespace = "app.cartera"
    compileSdk = libs.versions.compileSdk.get().toInt()
    defaultConfig {
        applicationId = "app.cartera"
        minSdk = libs.versions.minSdk.get().toInt()
        targetSdk = libs.versions.compileSdk.get().toInt()
        versionCode = 1
        versionName = "0.1.0"
        // What android/libraries.sh builds; JNA brings the same.
        ndk { abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64") }
    }
    buildTypes {
        release {
            isMinifyEnabled = true
            // JNA finds its natives, and UniFFI its callbacks, by name.
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "../../bindings/kotlin/android/consumer-rules.pro")
        }
    }
    androidResources {
        localeFilters += listOf("es", "en")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets["main"].res.srcDir(layout.buildDirectory.dir("generated/words/res"))
    sourceSets["main"].jniLibs.srcDir("libs")
}

tasks.named("preBuild") {
    dependsOn(wordsResources)
}

kotlin {
    jvmToolchain(17)
}

dependencies {
    implementation(project(":ui"))
    implementation(project(":device"))
    implementation(libs.activity.compose)
    implementation(variantOf(libs.jna) { artifactType("aar") })
}
