// Package source finds and reads the Python files of a run.
//
// In: the paths, globs and standard input that the user gave (Options). Out: the files with their bytes, the text to
// parse and their suppression comments, sorted by name, and a Problem for all that could not be read. Nothing is parsed
// and nothing is written here.
//
// The walk leaves out what ripgrep leaves out (.gitignore, .ignore, .git/info/exclude, hidden names), and what is never
// the user's own code: virtual environments, site-packages, node_modules, __pycache__. It does not follow symbolic links. A path
// that is named is read whatever these say. Four differences to ripgrep. What git has is read though a .gitignore names it: a
// rule of models/ for weights takes the mapped classes with it, and without those the program says nothing. And, so that two
// people get the same result, the user's global ignore file is not read, .gitignore holds in a tree that was exported
// without its .git, and no ignore file above the repository's root is read.
package source
