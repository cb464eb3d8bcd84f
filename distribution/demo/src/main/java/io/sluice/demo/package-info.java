/** {@code sluice demo}: shows within a minute that nothing is lost while parts of a broker are replaced. */
@NullMarked
package io.sluice.demo;

import org.jspecify.annotations.NullMarked;
