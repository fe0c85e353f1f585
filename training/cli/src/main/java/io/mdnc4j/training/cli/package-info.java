/**
 * The command line. Read {@link io.mdnc4j.training.cli.Main} first: the table of sub-commands and what errors become. Each
 * sub-command is a class, its common options a {@link io.mdnc4j.training.cli.CommonOptions}.
 */
package io.mdnc4j.training.cli;
