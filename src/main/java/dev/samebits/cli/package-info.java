/**
 * Layer 4: the command line. One class per verb; the only place where all parts meet. Knows no
 * arithmetic, no statistics and no format: it reads what was asked, calls, prints, and exits.
 */
package dev.samebits.cli;
