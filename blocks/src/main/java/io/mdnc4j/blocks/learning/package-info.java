/** Updaters that DL4J lacks, and a network whose steps of training take no detours. */
package io.mdnc4j.blocks.learning;
