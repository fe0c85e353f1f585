/** Updaters that DL4J lacks. */
package io.mdnc4j.blocks.learning;
