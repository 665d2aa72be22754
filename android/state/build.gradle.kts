plugins {
    alias(libs.plugins.kotlin.jvm)
}

kotlin {
    jvmToolchain(17)
}

/** The words, from core/strings. */
val words by tasks.registering(Exec::class) {
    val out = layout.buildDirectory.dir("generated/words")
    inputs.dir(rootDir.resolve("../core/strings"))
    outputs.dir(out)
    workingDir = rootDir.resolve("..")
    commandLine("cargo", "run", "--release", "-p", "cartera-words", "--", "kotlin", out.get().asFile.path)
}

sourceSets {
    main {
        kotlin.srcDir(words)
    }
}

dependencies {
    api(project(":engine"))
    implementation(libs.zxing)
}
