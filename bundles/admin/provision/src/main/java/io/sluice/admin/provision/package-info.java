/** Installs, updates and removes bundles and features while the broker runs, and keeps what was installed. */
@NullMarked
package io.sluice.admin.provision;

import org.jspecify.annotations.NullMarked;
