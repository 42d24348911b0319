package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.RealArray;

/**
 * Matrices stacked in an array, one for each product of a batch.
 *
 * @param values the elements
 * @param at where the first matrix begins
 * @param rowStep distance of the elements of two rows
 * @param columnStep distance of the elements of two columns
 * @param partStep distance of two matrices
 */
record Matrix(RealArray values, int at, int rowStep, int columnStep, int partStep) {
  /** Row-major matrices of {@code rows x columns}, one right after another. */
  static Matrix dense(RealArray values, int rows, int columns) {
    return new Matrix(values, 0, columns, 1, rows * columns);
  }

  /** The same elements, rows for columns. */
  Matrix transposed() {
    return new Matrix(values, at, columnStep, rowStep, partStep);
  }

  int index(int part, int row, int column) {
    return at + part * partStep + row * rowStep + column * columnStep;
  }

  /** These matrices as A. */
  Packer rowPacker(Tiles tiles) {
    return (part, termFrom, termTo, from, to, strips, stripsAt) ->
        tiles.packRows(
            values,
            index(part, from, termFrom),
            rowStep,
            columnStep,
            to - from,
            termTo - termFrom,
            strips,
            stripsAt);
  }

  /** These matrices as B. */
  Packer columnPacker(Tiles tiles) {
    return (part, termFrom, termTo, from, to, strips, stripsAt) ->
        tiles.packColumns(
            values,
            index(part, termFrom, from),
            columnStep,
            rowStep,
            to - from,
            termTo - termFrom,
            strips,
            stripsAt);
  }
}
