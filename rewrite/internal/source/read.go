package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/lazyfix/lazyfix/internal/smallfile"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// fill reads and decodes the file. A Problem that is a Warning leaves it usable.
func (f *File) fill(o Options) *Problem {
	if f.Path == Stdin {
		f.Content = o.Stdin
	} else if reason := f.readDisk(); reason != "" {
		return &Problem{Path: f.Name, Reason: reason, Unseen: !f.Template && reason != tooLarge}
	} else if text, open := o.Open[f.Real]; open && f.Real != "" && (cookieOf(text) == "" || isUTF8(cookieOf(text))) {
		f.Content = text
	}
	if f.Template {
		return f.fillTemplate()
	}
	if len(f.Content) > pysyntax.MaxSize {
		return &Problem{Path: f.Name, Reason: tooLarge}
	}
	text, encoding, problem := decode(f.Content)
	if problem != nil {
		problem.Path = f.Name
		return problem
	}
	f.Text, f.Editable = text, true
	returns := loneReturn(text)
	if returns >= 0 {
		f.Text = withoutReturns(text)
	}
	f.Suppress = suppressions(f.Text)
	if f.Suppress.SkipFile {
		f.Editable, f.WhyNot = false, "it says `# lazyfix: skip-file`"
	}
	if encoding != "" {
		f.Editable, f.WhyNot = false, "it is in "+encoding+", and only UTF-8 is edited"
		return &Problem{Path: f.Name, Warning: true,
			Reason: "is in " + encoding + ": read, but not edited; save it as UTF-8 to have it edited"}
	}
	if returns >= 0 {
		f.Editable, f.WhyNot = false, "it has lines that end with a carriage return alone"
		return &Problem{Path: f.Name, Line: lineAt(f.Text, returns), Warning: true,
			Reason: "this line ends with a carriage return alone: the file is read, but not edited; give it line feeds to have it edited"}
	}
	return nil
}

var tooLarge = fmt.Sprintf("is larger than %d MiB: not read", pysyntax.MaxSize>>20)

// readDisk sets Content and Mode, or says why not. The file was a regular one when it was found.
func (f *File) readDisk() (reason string) {
	file, info, err := smallfile.Open(f.Path)
	if err != nil {
		return explain(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	if info.Size() > pysyntax.MaxSize {
		return tooLarge
	}
	f.Mode = info.Mode()
	// The bound holds for a file that grows meanwhile, too.
	f.Content, err = io.ReadAll(io.LimitReader(file, pysyntax.MaxSize+1))
	if err != nil {
		return explain(err)
	}
	return ""
}

// explain gives the reason of an error of the file system without the path, which a Problem has already.
func explain(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "does not exist"
	case errors.Is(err, fs.ErrPermission):
		return "cannot be read: permission denied"
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return "cannot be read: " + err.Error()
}
