/** Layer tables: {@link io.mdnc4j.zoo.summary.LayerTable} computes them, {@link io.mdnc4j.zoo.summary.LayerTableFormat} writes them. */
@NullMarked
package io.mdnc4j.zoo.summary;

import org.jspecify.annotations.NullMarked;
