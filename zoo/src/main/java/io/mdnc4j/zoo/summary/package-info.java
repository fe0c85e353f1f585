/** Layer tables: {@link io.mdnc4j.zoo.summary.LayerTable} computes them, {@link io.mdnc4j.zoo.summary.TableFormat} writes them. */
package io.mdnc4j.zoo.summary;
