/**
 * Layer 1: the list of backends. Its subpackages hold one backend each, with the one foreign
 * library that backend needs.
 */
package dev.samebits.backend;
