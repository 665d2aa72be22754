// The Kotlin package of bindings/kotlin, from the same sources. Its library and JNA's natives come with the app.
plugins {
    alias(libs.plugins.kotlin.jvm)
}

kotlin {
    jvmToolchain(17)
}

/** What UniFFI makes of the library, whichever machine that was built for. */
val bindings by tasks.registering(Exec::class) {
    val out = layout.buildDirectory.dir("generated/bindings")
    inputs.dir(rootDir.resolve("../bindings/src"))
    outputs.dir(out)
    workingDir = rootDir.resolve("..")
    commandLine("bash", "android/bindings.sh", out.get().asFile.path)
}

sourceSets {
    main {
        kotlin.srcDir("../../bindings/kotlin/src/main/kotlin")
        kotlin.srcDir(bindings)
    }
}

dependencies {
    api(libs.coroutines.core)
    compileOnly(libs.jna)
}
