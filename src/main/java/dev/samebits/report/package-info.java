/**
 * Layer 3: what a person sees of a run: the console table, the self-contained HTML report with its
 * pictures, and the JSON form. Renders a {@link dev.samebits.analysis.Summary}; decides nothing.
 */
package dev.samebits.report;
