// Command infra is the CDK app: the stacks of every municipality in schemas/municipalities. The cdk command runs it from
// the repository's root, see cdk.json; make synth writes all templates to cdk.out.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/jsii-runtime-go"

	"voordeur/infra/stack"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run makes the templates of the repository below root.
func run(root string) error {
	defer jsii.Close()
	config, err := stack.Read(root, filepath.Join(root, "build", "functions"))
	if err != nil {
		return err
	}
	stack.New(config).Synth(nil)
	return nil
}
