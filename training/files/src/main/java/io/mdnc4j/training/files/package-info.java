/**
 * Files with numbers: images, volumes, signals, tables.
 *
 * <p>To read in this order: {@link io.mdnc4j.training.files.ArrayFiles} (reads and writes; the table of formats),
 * {@link io.mdnc4j.training.files.StoredArray} (what is read and written) with its
 * {@link io.mdnc4j.training.files.ElementType}, {@link io.mdnc4j.training.files.DataException} (the one exception about files
 * that cannot be used), {@link io.mdnc4j.training.files.ArraySlabs} and {@link io.mdnc4j.training.files.ArrayWriter} (a part at a time), {@code
 * ArrayFormat} (what a format does), {@code RawFormat} and {@code RawLayout} (formats of which parts can be read) and the formats, a class each, with {@code NiftiGrid} and {@code TiffGrid} (where files say that their elements lie), {@code Limits} (how much a file
 * may ask for), {@link io.mdnc4j.training.files.Hdf5Slices} (sets of arrays of which one at a time is read).
 *
 * <p><strong>A new format</strong> is a class that implements {@code ArrayFormat}, and a row in the table of {@code ArrayFiles}.
 *
 * <p>Files come from strangers. Only regular files are read; what headers claim is checked against the file's size before memory
 * is taken; an array may take {@link io.mdnc4j.training.files.ArrayFiles#MAX_ARRAY} MiB, more only if the file is large, too.
 * Nothing in a file is executed, no link in it followed.
 */
@NullMarked
package io.mdnc4j.training.files;

import org.jspecify.annotations.NullMarked;
