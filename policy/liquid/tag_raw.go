package liquid

// parseRaw reads raw and literal, whose content is text as it is.
func parseRaw(p *parser, t *token) (node, error) {
	nodes, _, err := p.block(t)
	if err != nil || len(nodes) == 0 {
		return nil, err
	}
	return nodes[0], nil
}

// parseComment reads over a comment.
func parseComment(p *parser, t *token) (node, error) {
	_, _, err := p.block(t)
	return nil, err
}
