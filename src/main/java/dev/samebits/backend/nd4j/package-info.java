/** Layer 1: the backend {@code nd4j}, ND4J's native CPU operations through its Java interface. */
package dev.samebits.backend.nd4j;
