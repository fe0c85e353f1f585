/** Layer tables: {@link io.mdnc4j.zoo.summary.LayerTable} computes them, {@link io.mdnc4j.zoo.summary.LayerTableFormat} writes them. */
package io.mdnc4j.zoo.summary;
