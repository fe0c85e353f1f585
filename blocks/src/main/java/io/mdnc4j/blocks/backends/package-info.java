/**
 * What ND4J computes with. Read {@link io.mdnc4j.blocks.backends.Backend} first; it looks at the {@code Gpu}s and leaves ND4J
 * to see one backend only through {@code OnlyCpu}. {@link io.mdnc4j.blocks.backends.WaitingThreads} is about the threads of its
 * natives, {@code PresetVersions} about their versions, {@code BeforeBackends} how both come first.
 */
@NullMarked
package io.mdnc4j.blocks.backends;

import org.jspecify.annotations.NullMarked;
