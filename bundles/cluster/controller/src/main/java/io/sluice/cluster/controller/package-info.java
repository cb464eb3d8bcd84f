/**
 * The controller: pure decisions over the metadata image (records out), and the shell that commits and replays them.
 */
@NullMarked
package io.sluice.cluster.controller;

import org.jspecify.annotations.NullMarked;
