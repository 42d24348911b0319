/**
 * Layer 2: what the records mean. Verdicts per case and axis, controls of the measurement itself,
 * promises kept and broken, decisions about speed, the price of determinism, and the summary that
 * reports render. Works on plain records: it needs no backend, no JMH and no native library.
 */
package dev.samebits.analysis;
