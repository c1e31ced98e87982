/** DL4J's settings and training loops, each with the constraint installed: trains, ends on the grid, resumes. */
package io.github.dl4jaskew.matrix;
