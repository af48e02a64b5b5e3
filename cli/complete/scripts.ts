/** The shells that can complete our command lines, each with its script. */
export const scripts = {
  bash: `# Completes jmp and j in bash: source <(jmp completion bash)
_jmp_complete() {
  local line word ask=complete
  [[ \${1##*/} == j ]] && ask=--complete
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$2")
    else
      printf -v word %q "\${line%%$'\\t'*}"
      COMPREPLY+=("$word")
    fi
  done < <("$1" "$ask" -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null </dev/null)
}
complete -F _jmp_complete jmp j
`,
  zsh: `#compdef jmp j
# Completes jmp and j in zsh: source <(jmp completion zsh)
_jmp_complete() {
  local line ask=complete
  local -a candidates
  [[ \${words[1]:t} == j ]] && ask=--complete
  for line in "\${(@f)$("\${words[1]}" $ask -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)}"; do
    case $line in
      '') ;;
      :files) compset -P '*=' ; _files ;;
      *) candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( $#candidates == 0 )) || _describe -V command candidates
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i -D }
compdef _jmp_complete jmp j
`,
  fish: `# Completes jmp and j in fish: jmp completion fish | source
function __jmp_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l program $words[1]
  set -l ask complete
  test (basename $program) = j; and set ask --complete
  set -e words[1]
  for line in ($program $ask -- $words "$current" 2>/dev/null </dev/null)
    if test "$line" = :files
      set -l option (string match -r -- '^--[^=]*=' $current); or set option ''
      for file in (__fish_complete_path (string replace -r -- '^--[^=]*=' '' $current))
        echo $option$file
      end
    else
      echo $line
    end
  end
end
complete -c jmp -f -a '(__jmp_complete)'
complete -c j -f -a '(__jmp_complete)'
`,
} as const;
