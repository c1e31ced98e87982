/** The program that kills trainings, with few of them. */
package io.github.dl4jaskew.resume;
