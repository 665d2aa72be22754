// The app for phones, over the same folders as pom.xml. Needs an Android SDK and Google's Maven repository.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode = RepositoriesMode.FAIL_ON_PROJECT_REPOS
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "cartera"
include(":engine", ":state", ":ui", ":device", ":app")
