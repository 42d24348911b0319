package dev.samebits.metric;

import java.util.SortedMap;

/**
 * How two outputs A (reference) and B of the same case differ. V_c and V_ermv are those of
 * Shanmugavelu et al., "Impacts of floating-point non-associativity on reproducibility for HPC and
 * deep learning applications" (2024, arXiv:2408.05148).
 *
 * @param elements compared
 * @param changed elements whose raw bits differ
 * @param vc changed / elements
 * @param vermv mean of |A - B| / |A| over the elements not left out
 * @param leftOut elements with A = 0, or a NaN or infinity in A or B
 * @param maxUlp largest ULP distance between two numbers
 * @param ulpHistogram count by class: {@code 0}, {@code 1}, {@code 2-3}, {@code 4-7}, ... and
 *     {@code nan}, {@code inf}, {@code negzero}
 * @param firstBlock index of the first row block that differs; -1 if none does
 */
public record Divergence(
    long elements,
    long changed,
    double vc,
    double vermv,
    long leftOut,
    long maxUlp,
    SortedMap<String, Long> ulpHistogram,
    int firstBlock) {}
