/**
 * The arithmetic behind the layers. Read {@link io.mdnc4j.blocks.internal.kernels.Kernels} first (what is computed), then
 * {@link io.mdnc4j.blocks.ComputePath} (which way is taken), then the host loops, which begin at {@code Rows}, and
 * {@link io.mdnc4j.blocks.internal.kernels.Convolutions}.
 */
package io.mdnc4j.blocks.internal.kernels;
