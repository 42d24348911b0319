/**
 * Layer 1: trains a model on kernels chosen per operation and traces how replicates part. Knows the
 * SPI of layer 0 only: no process, no JMH, no particular backend.
 */
package dev.samebits.training;
