package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

const completionHelp = `Usage: lazyfix completion bash|zsh|fish

Prints a script that completes the words of lazyfix. It belongs in

  bash   ~/.local/share/bash-completion/completions/lazyfix
  zsh    _lazyfix in a folder of $fpath
  fish   ~/.config/fish/completions/lazyfix.fish
`

const manHelp = `Usage: lazyfix man

Prints the man page: lazyfix man > lazyfix.1; man ./lazyfix.1
`

// completeFlag ends the words of a command line that a shell wants completed. It is the cli library's.
const completeFlag = "--generate-bash-completion"

// The library's own scripts need the package bash-completion and a file called as the program; these do not.
const bashCompletion = `# bash completion of lazyfix
_lazyfix() {
  local cur="${COMP_WORDS[COMP_CWORD]}" words=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
  [[ $cur == -* ]] && words+=("$cur")
  local IFS=$'\n'
  COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "${words[@]}" ` + completeFlag + ` 2>/dev/null)" -- "$cur"))
}
complete -o bashdefault -o default -F _lazyfix lazyfix
`

const zshCompletion = `#compdef lazyfix
_lazyfix() {
  local -a words_before found
  words_before=("${(@)words[2,CURRENT-1]}")
  [[ ${words[CURRENT]} == -* ]] && words_before+=("${words[CURRENT]}")
  found=("${(@f)$(SHELL=bash ${words[1]} "${words_before[@]}" ` + completeFlag + ` 2>/dev/null)}")
  if [[ -n ${found[1]} ]]; then
    compadd -a found
  fi
  [[ ${words[CURRENT]} == -* ]] || _files
}
if [[ $funcstack[1] == _lazyfix ]]; then
  _lazyfix "$@"
else
  compdef _lazyfix lazyfix
fi
`

// completion is the command of that name.
func (p program) completion(args []string, out io.Writer) error {
	shell := ""
	if len(args) == 1 {
		shell = args[0]
	}
	var script string
	var err error
	switch shell {
	case "bash":
		script = bashCompletion
	case "zsh":
		script = zshCompletion
	case "fish":
		script, err = described(io.Discard, p.rules).ToFishCompletion()
	default:
		return usagef("completion: want one of bash, zsh, fish")
	}
	if err == nil {
		_, err = io.WriteString(out, script)
	}
	return err
}

// man is the command of that name.
func (p program) man(args []string, out io.Writer) error {
	if len(args) > 0 {
		return usagef("man takes nothing")
	}
	text, err := described(io.Discard, p.rules).ToManWithSection(1)
	if err == nil {
		_, err = io.WriteString(out, text)
	}
	return err
}

// complete prints what may stand behind words, one a line: the values of a flag or an argument, the flags, or the commands.
// A last word that begins with a dash is the one at the cursor. The library does the last two.
func (p program) complete(ctx context.Context, words []string, out *bufio.Writer) error {
	last := ""
	if len(words) > 0 {
		last = words[len(words)-1]
	}
	values := map[string][]string{
		"--lazy": lazyValues, "--eager": eagerValues, "--to-one": toOneValues, "--format": formats, "--color": {"auto", "always", "never"},
		"--select": ruleNames(p.rules), "--ignore": ruleNames(p.rules),
	}[last]
	if len(words) == 1 {
		switch last {
		case "rule":
			values = ruleNames(p.rules)
		case "completion":
			values = []string{"bash", "zsh", "fish"}
		}
	}
	if values != nil {
		_, err := fmt.Fprintln(out, strings.Join(values, "\n"))
		return err
	}
	if len(words) > 0 && !strings.HasPrefix(last, "-") || slices.Contains(words, "--") {
		return nil // a path: the shell knows those
	}
	return described(out, p.rules).RunContext(ctx, slices.Concat([]string{"lazyfix"}, words, []string{completeFlag}))
}
