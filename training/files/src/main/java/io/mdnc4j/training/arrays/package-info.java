/**
 * Arrays in memory.
 *
 * <p>To read in this order: {@link io.mdnc4j.training.arrays.Axes} (which place an element's number means),
 * {@link io.mdnc4j.training.arrays.OnHeap} (copies of elements on the heap), {@link io.mdnc4j.training.arrays.Release} (giving
 * back the memory of arrays, which lies outside of the heap), {@link io.mdnc4j.training.arrays.Resampling} (other sizes),
 * {@link io.mdnc4j.training.arrays.Grid} (where elements lie in the world), {@link io.mdnc4j.training.arrays.Regridding} (from
 * one grid to another, and back).
 */
@NullMarked
package io.mdnc4j.training.arrays;

import org.jspecify.annotations.NullMarked;
