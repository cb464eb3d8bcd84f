/** The shell and its commands by ssh: keys only, with Apache MINA SSHD. Nothing of it is loaded unless {@code ssh.listener} is set. */
@NullMarked
package io.sluice.admin.ssh;

import org.jspecify.annotations.NullMarked;
