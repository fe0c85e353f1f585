package io.mdnc4j.blocks;
