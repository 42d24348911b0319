/**
 * Layer 1: code that uses the incubating Vector API, compiled apart from the rest because javac
 * warns about every use. It runs only in a JVM started with {@code --add-modules
 * jdk.incubator.vector}.
 */
package dev.samebits.backend.jvm.vector;
