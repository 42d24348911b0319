package dev.samebits.report;

/**
 * A picture with what must be said about it.
 *
 * @param name file name without ending
 * @param title heading
 * @param svg the picture
 * @param caption how it was made, what stands behind it, what it does not show
 * @param detail whether it only repeats in more detail what another picture shows
 */
public record Figure(String name, String title, String svg, String caption, boolean detail) {}
