/**
 * Layer 2: the measurement. The only package that imports JMH and the only one that starts
 * processes. The session is the parent's side, the forks are the children's, part files are the
 * wire between them.
 */
package dev.samebits.jmh;
