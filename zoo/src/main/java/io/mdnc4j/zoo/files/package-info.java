/**
 * What readers and writers of files share: {@link io.mdnc4j.zoo.files.RegularFile} (no pipes),
 * {@link io.mdnc4j.zoo.files.SafeZip} (zip files from strangers) and {@link io.mdnc4j.zoo.files.ArrayElements} (the elements of
 * arrays, many at a time).
 */
@NullMarked
package io.mdnc4j.zoo.files;

import org.jspecify.annotations.NullMarked;
