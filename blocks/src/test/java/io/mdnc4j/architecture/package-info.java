/**
 * Rules of the house, which every module tests of itself: {@link io.mdnc4j.architecture.ModuleRules} for all,
 * {@link io.mdnc4j.architecture.LibraryRules} for all but the command line. They come with this module's test jar.
 */
package io.mdnc4j.architecture;
