/**
 * Objects in masks and maps of classes.
 *
 * <p>To read in this order: {@link io.mdnc4j.training.objects.Components} (what hangs together),
 * {@link io.mdnc4j.training.objects.ClassMap} (cleaning of predicted classes),
 * {@link io.mdnc4j.training.objects.Watershed} (separating objects that touch),
 * {@link io.mdnc4j.training.objects.Morphology} (masks that grow and shrink).
 */
@NullMarked
package io.mdnc4j.training.objects;

import org.jspecify.annotations.NullMarked;
