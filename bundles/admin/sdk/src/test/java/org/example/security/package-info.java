/** The authorizer {@code sample}: some topics cannot be deleted or altered. Exports nothing. */
@NullMarked
package org.example.security;

import org.jspecify.annotations.NullMarked;
