/**
 * Updaters that DL4J lacks, and a network whose steps of training take no detours.
 *
 * @serial exclude
 */
@NullMarked
package io.mdnc4j.blocks.learning;

import org.jspecify.annotations.NullMarked;
