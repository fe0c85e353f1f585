/** Arithmetic of axes, {@link io.mdnc4j.training.arrays.Axes}, and the memory of arrays, which lies outside of the heap: copies on it, and giving it back. */
package io.mdnc4j.training.arrays;
