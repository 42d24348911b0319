/**
 * Layer 2: the JMH benchmark classes, one per kernel. Each takes one parameter, {@code key}, in the
 * form {@code case?k=v}; the defaults let plain JMH use work.
 */
package dev.samebits.jmh.bench;
