package dev.samebits.library;

/**
 * A native library mapped into a process.
 *
 * @param path where it was mapped from, with home, temp, cache and repository folders abbreviated
 * @param sha256 hash of the file
 */
public record LoadedLibrary(String path, String sha256) {}
