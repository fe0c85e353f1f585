/**
 * Files with numbers. {@link io.mdnc4j.training.files.ArrayFiles} is the table of formats, each a class; what they read and write
 * is a {@link io.mdnc4j.training.files.StoredArray}.
 */
package io.mdnc4j.training.files;
