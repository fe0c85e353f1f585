/** Times the networks beside the same networks in libtorch. */
package io.mdnc4j.benchmarks;
