/**
 * The study of accuracy: which problems, networks, grids and methods are compared ({@link
 * io.github.dl4jaskew.examples.study.Study}), how each learning rate is chosen without the test set, and how results are kept
 * so that a long run can be stopped and taken up again.
 */
package io.github.dl4jaskew.examples.study;
