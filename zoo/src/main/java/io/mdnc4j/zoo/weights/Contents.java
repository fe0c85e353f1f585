package io.mdnc4j.zoo.weights;

import java.util.Map;

/**
 * What a file holds.
 *
 * @param root its tensors by key, in a tree of maps where the file has one; among them may be lists, numbers, strings
 * @param metadata texts about the whole file, only of safetensors
 */
record Contents(Map<Object, Object> root, Map<String, String> metadata) {}
